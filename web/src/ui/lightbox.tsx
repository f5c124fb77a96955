import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { say } from '../language/say.ts'
import { Dialog } from './dialog.tsx'
import classes from './lightbox.module.css'

export type Picture = { readonly name: string; readonly address: string }

/** Pictures as large as the window allows, one at a time; arrow keys go on and back. */
export const Lightbox = ({
  pictures,
  at,
  onGo,
  onClose,
}: {
  readonly pictures: readonly Picture[]
  readonly at: number
  readonly onGo: (at: number) => void
  readonly onClose: () => void
}) => {
  const picture = pictures[at]
  if (picture === undefined) return null
  const step = (by: number): void => onGo((at + by + pictures.length) % pictures.length)
  return (
    <Dialog
      onClose={onClose}
      size="auto"
      title={
        <span className={classes['title']} dir="auto">
          {picture.name}
        </span>
      }
      onKeyDown={(event) => {
        if (pictures.length < 2) return
        if (event.key === 'ArrowRight') step(1)
        if (event.key === 'ArrowLeft') step(-1)
      }}
    >
      <div className={classes['stage']}>
        <img src={picture.address} alt={picture.name} className={classes['picture']} />
      </div>
      <div className={classes['foot']}>
        {pictures.length > 1 && (
          <>
            <button
              type="button"
              className={classes['step']}
              aria-label={say('lightbox.back')}
              onClick={() => step(-1)}
            >
              <ChevronLeft size={16} aria-hidden />
            </button>
            <span className="figures">{say('lightbox.place', { at: at + 1, count: pictures.length })}</span>
            <button
              type="button"
              className={classes['step']}
              aria-label={say('lightbox.next')}
              onClick={() => step(1)}
            >
              <ChevronRight size={16} aria-hidden />
            </button>
          </>
        )}
        <a href={picture.address} download={picture.name} className={classes['download']}>
          {say('lightbox.download')}
        </a>
      </div>
    </Dialog>
  )
}
